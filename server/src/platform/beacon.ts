/** The network whose values can be seeds: what it takes to know a value of it. Pure data, because verifying leans on it. */

export interface BeaconNetwork {
  /** What the network calls itself. */
  name: string;
  /** The hash by which it is told from others: 64 hexadecimal digits. */
  chain: string;
  /** Its members' common BLS12-381 key on G2, compressed: 192 hexadecimal digits. */
  publicKey: string;
  /** When its first value was made, in seconds since 1970. */
  genesis: number;
  /** Seconds from one value to the next. */
  period: number;
}

/** The League of Entropy's network of unchained values, scheme bls-unchained-g1-rfc9380, as `https://api.drand.sh/<chain>/info` shows it. */
export const QUICKNET: BeaconNetwork = {
  name: 'quicknet',
  chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  publicKey: '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  genesis: 1_692_803_367,
  period: 3,
};
