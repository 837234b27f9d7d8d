"""The citizen's side: file a complaint, keep its receipt, track it and answer. No account, no script needed."""
