/** Where things lie on a member's machine in production; several members may share one. */
export function places(network: string, member: string) {
  const settings = `/etc/xinshu/${network}/${member}`;
  const state = `/var/lib/xinshu/${network}/${member}`;
  return {
    settings,
    nodeKey: `${settings}/node.key`,
    state,
    /** Below /var/lib, as systemd's StateDirectory wants it. */
    stateDirectory: `xinshu/${network}/${member}`,
    /** Besu's data directory. */
    node: `${state}/node`,
    gateway: `${state}/gateway`,
  } as const;
}

/** Where the programs are installed. */
export const programs = {
  xinshu: '/opt/xinshu',
  runtime: '/opt/xinshu/node_modules/.bin/node',
  besu: '/opt/besu/bin/besu',
} as const;
