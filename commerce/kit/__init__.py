"""What every room stands on: money, clock, errors, locks, states, ledgers, outbox, idempotency. No shop words."""
