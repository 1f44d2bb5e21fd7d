import Script from 'next/script'

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        {children}
        <Script src="/hello/start.js" data-site="nextjs" strategy="afterInteractive" />
      </body>
    </html>
  )
}
