/** Names of a member's services, the same for systemd and compose. */
export const serviceNames = (member: string) =>
  ({ node: `xinshu-node-${member}`, keeper: `xinshu-keeper-${member}`, gateway: `xinshu-gateway-${member}` }) as const;
