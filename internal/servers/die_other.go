//go:build !linux

package servers

import "syscall"

func dieTogether(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Setpgid: true}
}
