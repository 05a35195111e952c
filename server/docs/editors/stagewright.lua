-- Stagewright in Neovim 0.11 or newer. Copy this file to ~/.config/nvim/lsp/stagewright.lua and
-- write `vim.lsp.enable("stagewright")` into init.lua.

-- Keys in transcripts of chats: \s sends what stands below the last heading, \x stops the answer.
local transcript_keys = { s = "send", x = "stop", a = "advance" }

return {
  cmd = { "stagewright", "server" },
  filetypes = {
    "yaml", "markdown", "json", "jsonc", "toml", -- other programs' formats
    "python", "javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte",
    "go", "java", "kotlin", "scala", "cs", "ruby", "rust", "php", "swift", "sh", "bash", "zsh", "ps1",
    "dockerfile", "dosini", "cfg", "conf", "confini", "jproperties", "env",
  },
  root_markers = { ".choragen", ".git" },
  workspace_required = true,
  on_attach = function(client, buffer)
    vim.lsp.completion.enable(true, client.id, buffer, { autotrigger = true })

    -- Code lenses, which Choragen's files have, are shown once they are asked for.
    vim.api.nvim_create_autocmd({ "BufEnter", "TextChanged", "InsertLeave" }, {
      buffer = buffer,
      callback = function() vim.lsp.codelens.refresh({ bufnr = buffer }) end,
    })
    vim.lsp.codelens.refresh({ bufnr = buffer })

    if vim.api.nvim_buf_get_name(buffer):find("%.chat%.md$") then
      for key, kind in pairs(transcript_keys) do
        vim.keymap.set("n", "<leader>" .. key, function()
          vim.lsp.buf.code_action({ context = { only = { "stagewright." .. kind } }, apply = true })
        end, { buffer = buffer })
      end
    end
  end,
}
