import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './api/queries.ts'
import { loadCatalogue } from './messages/catalogue.ts'
import { MessagesProvider } from './messages/messages-provider.tsx'
import { router } from './routes.tsx'
import './styles.css'

const element = document.getElementById('root')
if (!element) throw new Error('the page has no #root')
const { language, messages } = await loadCatalogue(navigator.languages)
document.documentElement.lang = language
createRoot(element).render(
  <StrictMode>
    <MessagesProvider language={language} messages={messages}>
      <QueryClientProvider client={createQueryClient()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MessagesProvider>
  </StrictMode>,
)
