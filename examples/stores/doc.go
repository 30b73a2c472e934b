// Package stores holds the SQL stores of this library against real databases: SQLite, in
// Go, and PostgreSQL, a throwaway server on this machine. It has tests alone; they show how
// a store is opened and what may be expected of it.
package stores
