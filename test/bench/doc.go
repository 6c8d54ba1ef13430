// Package bench measures whole jobs end to end, between portals that run in the same process:
//
//	go test ./test/bench -run '^$' -bench . -benchtime 1x
package bench
