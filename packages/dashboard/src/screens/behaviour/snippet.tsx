/** A line of HTML to copy into a page. */
export const Snippet = ({ children }: { children: string }) => (
  <code className="mt-3 block overflow-x-auto rounded-lg bg-raised p-3 text-left text-xs whitespace-pre text-ink">
    {children}
  </code>
)
