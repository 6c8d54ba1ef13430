// Package clock is the one source of the current time.
//
// Code that stamps, expires or schedules takes a [Clock] and asks it, so that a test
// decides what time it is. [System] is the wall clock; [Manual] moves only when told. How
// long something took is the difference of two readings: c.Now().Sub(start).
// Timers and deadlines are not covered: tests that wait use testing/synctest.
package clock
