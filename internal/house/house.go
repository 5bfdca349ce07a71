// Package house holds the rules of the house as a test: which package may
// import which, how packages are named, and what libraries must not do. It has
// no code of its own.
package house
