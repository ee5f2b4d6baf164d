export interface Unit {
  readonly description: string;
  /** Units that should be up before. */
  readonly after?: readonly string[];
  readonly exec: readonly string[];
  readonly stateDirectory: string;
  /** Names and paths of secrets that systemd hands to the service alone; their contents are in no unit. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** How long a clean stop may take, in seconds. */
  readonly stopSeconds: number;
}

/** A systemd service that is started again whenever it ends, and can write to its own state directory only (systemd.exec, Sandboxing). */
export function unitText({ description, after = [], exec, stateDirectory, credentials = {}, stopSeconds }: Unit): string {
  return [
    '[Unit]',
    `Description=${description}`,
    'Wants=network-online.target',
    `After=${['network-online.target', ...after].join(' ')}`,
    '',
    '[Service]',
    'User=xinshu',
    `ExecStart=${exec.join(' ')}`,
    ...Object.entries(credentials).map(([name, path]) => `LoadCredential=${name}:${path}`),
    `StateDirectory=${stateDirectory}`,
    'StateDirectoryMode=0700',
    'UMask=0077',
    'Restart=always',
    'RestartSec=5',
    `TimeoutStopSec=${stopSeconds}`,
    'LimitNOFILE=65536',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}
