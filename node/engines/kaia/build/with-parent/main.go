//go:build linux

// with-parent PID COMMAND [ARGUMENT...] becomes COMMAND, which the kernel then ends (SIGTERM) as soon as its parent, the process PID, is gone, however that
// went. A validator without the process that runs it would keep its ports and its folder.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"syscall"
)

func main() {
	if len(os.Args) < 3 {
		fail("use: with-parent PID COMMAND [ARGUMENT...]")
	}
	parent, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fail(err.Error())
	}
	// The signal is set for the calling thread and kept through its exec (prctl(2), PR_SET_PDEATHSIG).
	runtime.LockOSThread()
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGTERM), 0); errno != 0 {
		fail(errno.Error())
	}
	// It may have ended before the line above.
	if os.Getppid() != parent {
		fail("the parent is gone")
	}
	fail(syscall.Exec(os.Args[2], os.Args[2:], os.Environ()).Error())
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, "with-parent:", why)
	os.Exit(1)
}
