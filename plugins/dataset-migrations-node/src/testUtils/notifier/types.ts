import { Announcement, Notifier } from '../../notifiers/types';

/** What a notifier needs to be tried: somebody who receives. @public */
export interface NotifierHarness {
  notifier: Notifier;
  /** What the receiver has understood so far, in any order. */
  received(): Promise<Announcement[]>;
  /**
   * Makes the receiver refuse everything, or never answer, until further
   * notice.
   */
  setMood(mood: 'well' | 'refusing' | 'hanging'): Promise<void>;
  /** Texts that must not be in any error: keys, passwords, signatures. */
  secrets: string[];
  /** Milliseconds that a call may go on after an abort; 5 seconds by default. */
  patience?: number;
  dispose(): Promise<void>;
}

/** One thing that every notifier must do. @public */
export interface NotifierCheck {
  name: string;
  run(harness: NotifierHarness): Promise<void>;
}
