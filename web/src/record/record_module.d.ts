// What `shoal/record` gives to other programs; the package has this file as it is.

export interface RecordOptions {
  /** Stops after so many frames in which the page submitted something; without it, when it is told to. */
  frames?: number;
  /** Stops when the trace is as long, 1 GiB if nothing else is said: it lies in the page's memory. */
  bytes?: number;
  /**
   * Takes the trace piece by piece instead of keeping it, each as soon as the script that said it is done. `trace()` has
   * nothing then, and the pieces together lack the trace's end, which readers take for one that was cut off.
   */
  onPiece?: (piece: Uint8Array<ArrayBuffer>) => void;
  /** A device was opened. */
  onDevice?: () => void;
  /** It has stopped. */
  onStop?: (recording: PageRecording) => void;
}

export interface PageRecording {
  readonly isOn: boolean;
  readonly frames: number;
  readonly submissions: number;
  /** Of the trace so far. */
  readonly bytes: number;
  /** The browser gets its functions back. Stopping twice is stopping once. */
  stop(): void;
  /** Hands out what was said until now. */
  flush(): void;
  /** Stops, and gives the whole trace. */
  trace(): Blob;
  /** The same as a file that the browser saves; not in a worker. */
  download(name?: string): void;
}

/**
 * Records all that the page, or the worker that calls it, says to WebGPU from now on (docs/trace.md). Call it before the
 * adapter is asked for: what was made earlier is not known. While one runs, a second start gives the same.
 */
export function startRecording(options?: RecordOptions): PageRecording;
