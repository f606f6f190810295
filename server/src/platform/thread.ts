/** Work in a thread of its own, one order at a time, so that no request waits for it. */
import { parentPort, Worker, type Transferable } from 'node:worker_threads';

type Answer<Result> = { ok: true; result: Result } | { ok: false; fault: string };

/** Sends orders to the thread that runs `entry`; `moves` names what of an order need not be copied, and is gone here. It begins with the first order, and does not keep the process alive. */
export function makeThread<Order, Result>(entry: URL, moves: (order: Order) => Transferable[] = () => []): (order: Order) => Promise<Result> {
  let thread: Worker | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const send = (order: Order) => new Promise<Result>((resolve, reject) => {
    thread ??= new Worker(entry);
    const worker = thread;
    const settle = (end: () => void) => {
      worker.off('message', answered);
      worker.off('error', failed);
      worker.off('exit', failed);
      worker.unref();
      end();
    };
    const answered = (answer: Answer<Result>) => settle(() => (answer.ok ? resolve(answer.result) : reject(new Error(answer.fault))));
    const failed = (why: unknown) => settle(() => {
      thread = undefined;
      reject(why instanceof Error ? why : new Error('the thread ended'));
    });
    worker.on('message', answered).on('error', failed).on('exit', failed);
    worker.ref();
    worker.postMessage(order, moves(order));
  });
  return (order) => {
    const answer = turn.then(() => send(order));
    turn = answer.catch(() => {});
    return answer;
  };
}

/** The thread's side: answers every order with what `work` makes of it, or with why it could not. `moves` names what need not be copied. */
export function answerOrders<Order, Result>(work: (order: Order) => Promise<Result>, moves: (result: Result) => Transferable[] = () => []): void {
  const answer = (message: Answer<Result>, moved: Transferable[] = []) => parentPort?.postMessage(message, moved);
  parentPort?.on('message', (order: Order) => {
    work(order).then((result) => answer({ ok: true, result }, moves(result)), (error: Error) => answer({ ok: false, fault: error.message }));
  });
}
