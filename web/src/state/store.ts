/** The browser's own database: what an officer has recorded, and lists for when there is no network. */
export const OUTBOX = 'outbox', LISTS = 'lists';

export function database(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open('gridward', 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(OUTBOX, { keyPath: 'id' });
      asked.result.createObjectStore(LISTS);
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error ?? new Error('IndexedDB'));
  });
}

export async function run<T>(store: string, mode: IDBTransactionMode, ask: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  try {
    return await new Promise<T>((done, fail) => {
      const transaction = db.transaction(store, mode, { durability: 'strict' });
      const request = ask(transaction.objectStore(store));
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = transaction.onerror = () => fail(transaction.error ?? new Error('IndexedDB'));
    });
  } finally {
    db.close();
  }
}

/** A list as it was last read, for when there is no network. */
export const keepList = (name: string, list: unknown): Promise<unknown> => run(LISTS, 'readwrite', (s) => s.put(list, name));
export const keptList = <T>(name: string): Promise<T | undefined> => run<T | undefined>(LISTS, 'readonly', (s) => s.get(name) as IDBRequest<T | undefined>);
export const dropList = (name: string): Promise<undefined> => run(LISTS, 'readwrite', (s) => s.delete(name));
