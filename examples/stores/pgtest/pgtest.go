// Package pgtest starts a throwaway PostgreSQL for tests.
package pgtest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Start returns the connection string of a fresh server, which ends with the test. Where no
// server is installed the test is skipped, but under CI (the environment has CI) it fails.
func Start(t testing.TB) string {
	t.Helper()
	bin := binaries()
	if bin == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no PostgreSQL server is installed (Debian: postgresql-15)")
		}
		t.Skip("no PostgreSQL server is installed (Debian: postgresql-15)")
	}
	dir, err := os.MkdirTemp("", "pgtest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	giveToServer(t, dir)

	data := filepath.Join(dir, "data")
	run(t, filepath.Join(bin, "initdb"), "-D", data, "-U", "vual", "-A", "trust", "-E", "UTF8", "--no-sync")
	port := freePort(t)
	options := fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s", port, dir)
	run(t, filepath.Join(bin, "pg_ctl"), "-D", data, "-l", filepath.Join(dir, "log"), "-w", "-t", "60", "-o", options, "start")
	t.Cleanup(func() { command(filepath.Join(bin, "pg_ctl"), "-D", data, "-m", "immediate", "stop").Run() })
	return fmt.Sprintf("host=127.0.0.1 port=%d user=vual dbname=postgres sslmode=disable connect_timeout=10", port)
}

// binaries is the folder of the newest server that is installed.
func binaries() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

// The server refuses to run as root; then the user postgres runs it.
func asRoot() bool { return os.Geteuid() == 0 }

func giveToServer(t testing.TB, dir string) {
	t.Helper()
	if !asRoot() {
		return
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
}

func command(name string, args ...string) *exec.Cmd {
	if asRoot() {
		name, args = "runuser", append([]string{"-u", "postgres", "--", name}, args...)
	}
	c := exec.Command(name, args...)
	c.Dir = os.TempDir()
	c.WaitDelay = 5 * time.Second
	return c
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	c := command(name, args...)
	// The server inherits these; a pipe would keep Wait from returning.
	log, err := os.CreateTemp("", "pgtest-log-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(log.Name())
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	if err := c.Run(); err != nil {
		text, _ := os.ReadFile(log.Name())
		t.Fatalf("%s: %v\n%s", filepath.Base(name), err, text)
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
