/** A line of HTML to copy into a page. */
export const Snippet = ({ children }: { children: string }) => (
  <code className="mt-3 block rounded-lg bg-raised p-3 text-left text-xs whitespace-pre-wrap [overflow-wrap:anywhere] text-ink">
    {children}
  </code>
)
