"""The order desk: queues by what is to be done, and one order with everything that happened and may be done to it."""
