"""The guarantor's desk: the queue, the review of an application, and all contracts."""
