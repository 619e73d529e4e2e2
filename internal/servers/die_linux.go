package servers

import "syscall"

// dieTogether lets a server end with who began it, so that nothing is left behind by a test that was killed.
func dieTogether(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT, Setpgid: true}
}
