"""Pure rules of intake: reading mail, recognising loops, reply tokens, signatures. They write nothing."""
