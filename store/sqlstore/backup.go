package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes the database in the file at path into a new file at copy, and returns its size in bytes. Others may
// read and write the database meanwhile: the copy holds all that was committed when Backup was called, and of what is
// committed later nothing or a beginning. It is one file, complete by itself, that its owner alone may read; it was
// checked from end to end and is on the disk when Backup returns. There is no file at copy before that, and none if
// Backup fails. A file that is there already is left as it is, and is an error.
func Backup(ctx context.Context, path, copy string) (size int64, err error) {
	if _, err := os.Stat(path); err != nil {
		return 0, fmt.Errorf("there is no database at %s: %w", path, plainReason(err))
	}
	if _, err := os.Lstat(copy); !errors.Is(err, fs.ErrNotExist) {
		return 0, errors.Join(err, fmt.Errorf("%s is there already: a copy is written to a new file", copy))
	}
	// Another name until it is whole. The file is made here, for its permissions; an empty one is taken for a new one.
	part, err := os.CreateTemp(filepath.Dir(copy), filepath.Base(copy)+".part-*")
	if err != nil {
		return 0, fmt.Errorf("%s cannot be made: %w", copy, plainReason(err))
	}
	defer func() { // the journal stays behind where the disk was full
		err = errors.Join(err, removeIfThere(part.Name()+"-journal"), removeIfThere(part.Name()))
	}()
	if err := errors.Join(part.Close(), vacuumInto(ctx, path, part.Name())); err != nil {
		return 0, err
	}
	if err := whole(ctx, part.Name()); err != nil {
		return 0, err
	}
	if size, err = synced(part.Name()); err != nil {
		return 0, err
	}
	if err := os.Rename(part.Name(), copy); err != nil {
		return 0, fmt.Errorf("%s cannot be made: %w", copy, plainReason(err))
	}
	if _, err := synced(filepath.Dir(copy)); err != nil {
		return 0, err
	}
	return size, nil
}

// vacuumInto has SQLite write what one read transaction sees.
func vacuumInto(ctx context.Context, path, copy string) error {
	db, err := sql.Open("sqlite", dsn(path, everywhere+"&mode=rw"))
	if err != nil {
		return err
	}
	if _, err = db.ExecContext(ctx, `VACUUM INTO $1`, copy); err != nil {
		err = fmt.Errorf("copy %s: %w", path, err)
	}
	return errors.Join(err, db.Close())
}

// whole is nil if a database that nobody else has open holds together.
func whole(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, everywhere+"&mode=ro"))
	if err != nil {
		return err
	}
	var found string
	if err = db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err == nil && found != "ok" {
		err = errors.New(found)
	}
	if err != nil {
		err = fmt.Errorf("the copy is not whole, so there is none; look at the database with kohta doctor: %w", err)
	}
	return errors.Join(err, db.Close())
}

// synced sees that a file, or a folder's list of files, is on the disk.
func synced(path string) (size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err == nil {
		size = info.Size()
	}
	return size, errors.Join(err, f.Sync(), f.Close())
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// plainReason is the reason of a file error without the path, which the sentence around it names.
func plainReason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
