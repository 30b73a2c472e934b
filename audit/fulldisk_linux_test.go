package audit

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fullEnv names the folder on which this binary, run again in namespaces of its
// own, mounts a disk of 512 KiB.
const fullEnv = "VUAL_AUDIT_FULL_DIR"

const noDisk = "no disk of our own here"

// A disk that is really full stops the log; that it did stays written on the
// same disk, and in the log once there is room again.
func TestProperty6FullDisk(t *testing.T) {
	child := exec.Command(os.Args[0], "-test.run=^TestFullDiskChild$", "-test.v")
	child.Env = append(os.Environ(), fullEnv+"="+t.TempDir())
	child.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := child.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || strings.Contains(string(out), noDisk) {
		t.Skip(noDisk)
	}
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: TestFullDiskChild")
}

func TestFullDiskChild(t *testing.T) {
	disk := os.Getenv(fullEnv)
	if disk == "" {
		t.Skip("run by TestProperty6FullDisk")
	}
	if err := syscall.Mount("vual", disk, "tmpfs", 0, "size=512k"); err != nil {
		t.Skip(noDisk)
	}
	k, dir := newTestKeys(t), filepath.Join(disk, "log")
	l, err := Open(t.Context(), dir, k.options())
	require.NoError(t, err)
	ballast, err := os.Create(filepath.Join(disk, "ballast"))
	require.NoError(t, err)
	_, err = io.Copy(ballast, zeros{})
	require.ErrorIs(t, err, syscall.ENOSPC)

	acked := 0
	for err = nil; err == nil; acked++ {
		_, err = l.Record(t.Context(), readEvent())
	}
	acked--
	require.ErrorIs(t, err, ErrStopped)
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.ErrorIs(t, l.Healthy(), ErrStopped)
	require.Error(t, l.Close())
	r, err := Verify(t.Context(), dir, VerifyOptions{Key: k.verifier})
	require.NoError(t, err)
	require.NotNil(t, r.Stopped)
	require.Equal(t, "disk-full", r.Stopped.Code)
	require.WithinDuration(t, time.Now(), r.Stopped.At, time.Minute)
	_, err = Open(t.Context(), dir, k.options())
	require.Error(t, err, "the disk is still full")

	require.NoError(t, ballast.Close())
	require.NoError(t, os.Remove(ballast.Name()))
	l = openLog(t, dir, k.options())
	require.Len(t, entriesOf(t, &l.Reader, Query{Actions: []Action{"transcript.read"}}), acked)
	stops := entriesOf(t, &l.Reader, Query{Actions: []Action{ActionStopped}})
	require.Len(t, stops, 1)
	require.Equal(t, "disk-full", stops[0].Code)
	require.NoError(t, l.Close())
	r = requireVerified(t, dir, k.verifier)
	require.Nil(t, r.Stopped)
	require.Equal(t, []uint64{stops[0].Seq}, r.Stops)
	l = openLog(t, dir, k.options())
	require.Len(t, entriesOf(t, &l.Reader, Query{Actions: []Action{ActionStopped}}), 1, "told once")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
