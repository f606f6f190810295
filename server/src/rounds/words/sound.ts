/** The sound alone, and how long it lasts. */
export interface Sound {
  mediaType: 'audio/mpeg' | 'audio/ogg' | 'audio/mp4' | 'audio/wav';
  bytes: Buffer;
  seconds: number;
}
