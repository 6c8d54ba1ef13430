// Command rhumb is a toolkit for people who run ArcGIS portals. See rhumb --help.
package main

import (
	"context"
	"os"

	"github.com/rhumb-gis/rhumb/internal/cli"
	"github.com/rhumb-gis/rhumb/internal/cli/command"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], command.System()))
}
