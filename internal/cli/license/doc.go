// Package license holds the commands below rhumb license: what there is, who holds it, giving,
// taking and taking back.
package license
