//go:build !linux

package fleet

import "syscall"

func dieTogether() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
