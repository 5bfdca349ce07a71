// Alkahest reads scientific papers and builds a database of the properties of
// materials that they state.
package main

import (
	"os"

	"github.com/alkahest/alkahest/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
