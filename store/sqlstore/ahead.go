package sqlstore

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// A commit that makes SQLite's log longer takes more time than one that writes where the log has been before, for the file
// system has to note the new length, too. Who writes all day makes it as long as it gets beforehand.
const (
	logPages   = 8000 // after so many the log is moved into the database, and written from its beginning
	logLength  = 32 + logPages*(24+4096)
	atOnce     = 256 << 10
	enoughRoom = 16 // times this length has to be free on the disk
)

// LengthenLog makes the log of an SQLite database as long as it gets, a part at a time, and returns when it is, when ctx ends,
// or at once where the disk has little room. Nothing depends on it but how long commits take.
func (s *Store) LengthenLog(ctx context.Context) error {
	if s.from.log == "" || s.committer == nil || !roomy(filepath.Dir(s.from.log)) {
		return nil
	}
	log, err := os.OpenFile(s.from.log, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("lengthen the log: %w", err)
	}
	defer log.Close() //nolint:errcheck // what it wrote is worth nothing
	for more := true; more && ctx.Err() == nil; {
		// In the committer's transaction nobody else makes the log longer. Where it ends SQLite tells by what stands in it, whatever
		// the length of the file.
		err := s.write(ctx, func(*writer) (err error) {
			if more, err = lengthen(log); err != nil {
				return refuse(err)
			}
			return nil
		})
		if err == nil {
			err = log.Sync() // here, where no message waits for it
		}
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("lengthen the log: %w", err)
		}
	}
	return nil
}

// lengthen writes some zeros behind the log, unless it is long enough.
func lengthen(log *os.File) (more bool, err error) {
	now, err := log.Stat()
	if err != nil {
		return false, err
	}
	n := min(atOnce, logLength-now.Size())
	if n <= 0 {
		return false, nil
	}
	_, err = log.WriteAt(make([]byte, n), now.Size())
	return err == nil, err
}

// roomy tells whether a disk has so much room that some of it may be taken beforehand.
func roomy(folder string) bool {
	var disk syscall.Statfs_t
	return syscall.Statfs(folder, &disk) == nil && disk.Bavail*uint64(disk.Bsize) >= enoughRoom*logLength
}
