package fleet

import "syscall"

// dieTogether lets a node end with who began it, so that nothing is left behind by a run that was killed.
func dieTogether() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
