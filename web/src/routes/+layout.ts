/** Pages ship no script unless one says otherwise. */
export const csr = false;
