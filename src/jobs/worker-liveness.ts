/** When a worker counts as dead and its import is handed to another one, in seconds. */
export const workerLiveness = {
  /** A working job renews its heartbeat this often … */
  heartbeatRefresh: 10,
  /** … and has lost its worker when it has not done so for this long. */
  heartbeat: 30,
  /** Processes with workers look for such jobs this often. */
  supervise: 15,
} as const;
