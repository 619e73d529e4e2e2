package main

import "context"

// benchCmd generates load.
type benchCmd struct{}

// Run runs it.
func (c *benchCmd) Run(ctx context.Context, p program) error { return nil }
