package main

import (
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// serveCache speaks Redis at an address, which it prints, until it is ended. It stands in for a Redis server, which the machine need not have:
// Argo CD keeps nothing there that it cannot make again.
func serveCache(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("cache ADDRESS")
	}
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(args[0]); err != nil {
		return err
	}
	fmt.Println("listening on", server.Addr())
	// Its keys do not expire by themselves.
	for range time.Tick(time.Second) {
		server.FastForward(time.Second)
	}
	return nil
}
