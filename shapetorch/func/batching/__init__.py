"""What `vmap` does instead of a loop: for each operation, how it runs on all examples at once."""
