/**
 * Blocks asynchronous signals while TensorFlow's code runs; the threads that it starts inherit the mask. Without
 * this a signal handler (a profiler's SIGPROF, SIGUSR2) ran on the stack of a kernel thread and corrupted the heap.
 * Signals that report a fault of the running code stay open.
 *
 * @type {import('./edits.mjs').Edit[]}
 */
export const signalEdits = [
  {
    file: 'tfjs_backend.cc',
    anchor: '#include "utils.h"\n',
    place: 'after',
    text: `#ifdef __linux__
#include <pthread.h>
#include <signal.h>
struct SignalGuard {
  sigset_t before;
  SignalGuard() {
    sigset_t mask;
    sigfillset(&mask);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) sigdelset(&mask, fault);
    pthread_sigmask(SIG_BLOCK, &mask, &before);
  }
  ~SignalGuard() { pthread_sigmask(SIG_SETMASK, &before, nullptr); }
};
#else
struct SignalGuard {
  ~SignalGuard() {}
};
#endif
`,
  },
  guarded('  tfe_context_ = TFE_NewContext(tfe_options, tf_status.status);'),
  guarded('  TFE_Execute(tfe_op.op, result_handles.data(), &size, tf_status.status);'),
];

/** @returns {import('./edits.mjs').Edit} */
function guarded(statement) {
  return {
    file: 'tfjs_backend.cc',
    anchor: statement,
    place: 'instead',
    text: `  {\n    SignalGuard guard;\n  ${statement}\n  }`,
  };
}
