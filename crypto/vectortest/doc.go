// Package vectortest runs the test vectors of Project Wycheproof
// (https://github.com/C2SP/wycheproof) against this library, and against those parts of the
// standard library that it stands on. It has tests alone, in a module of its own because the
// vectors take over a hundred megabytes.
package vectortest
