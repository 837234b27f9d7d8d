"""Intake: whatever the way a report comes in, it becomes an ``Arrival`` and goes through ``accept``.

``accepting`` files it, or keeps it for a supervisor; ``held`` decides those; ``mail`` and ``gateways`` are adapters
that turn what a mailbox or a messenger brings into arrivals. The web form, the poster of a service point and an
officer's entry are adapters too; they stand in the views.
"""
