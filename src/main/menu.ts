import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { ShellEvent } from '#shared/domain/shell.ts';

type Command = Extract<ShellEvent, { plumage: 'command' }>['command'];

/** The menu holds what the system expects and the two commands that have to be found there. */
export function buildMenu(send: (command: Command) => void): Menu {
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Import folder…', accelerator: 'CmdOrCtrl+O', click: () => send('import-folder') },
        { type: 'separator' },
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        // The page answers the key itself; here it can be found.
        {
          label: 'Command palette',
          accelerator: 'CmdOrCtrl+K',
          registerAccelerator: false,
          click: () => send('command-palette'),
        },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
  ];
  return Menu.buildFromTemplate(template);
}
