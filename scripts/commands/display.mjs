/** Whether a window can open here. */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

export const WITHOUT_DISPLAY =
  'There is no display here (DISPLAY and WAYLAND_DISPLAY are not set). The same rooms open in a browser:\n' +
  '  npm run -s plumage -- serve\n' +
  'prints an address for a browser on this machine; from elsewhere, forward its port: ssh -L PORT:127.0.0.1:PORT HOST';
