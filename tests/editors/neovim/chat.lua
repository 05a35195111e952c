-- A person's way through a chat in a real Neovim: run by test.sh with `nvim --headless -l`.
local folder = assert(arg[1])
local FOREVER = 90000 -- milliseconds

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
end

local function wait_for(what, reached)
  if not vim.wait(FOREVER, reached, 20) then
    io.stderr:write("never: " .. what .. "\n" .. text() .. "\n" .. vim.fn.execute("messages") .. "\n")
    os.exit(1)
  end
  print("ok: " .. what)
end

local function shows(part)
  wait_for(part, function() return text():find(part, 1, true) ~= nil end)
end

local function actions()
  local params = vim.lsp.util.make_range_params(0, "utf-8")
  params.context = { diagnostics = {} }
  local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, FOREVER)
  local found = {}
  for _, answer in pairs(answers or {}) do
    for _, action in ipairs(answer.result or {}) do found[action.title] = action end
  end
  return found
end

-- Chooses a code action by its title, as the menu of `gra` does.
local function choose(title)
  wait_for("offered: " .. title, function() return actions()[title] ~= nil end)
  local called = false
  vim.lsp.buf.code_action({ filter = function(action)
    called = called or action.title == title
    return action.title == title
  end, apply = true })
  wait_for("chosen: " .. title, function() return called end)
end

local function write(line)
  vim.api.nvim_buf_set_lines(0, -2, -1, false, { line, "" })
end

vim.cmd.edit(folder .. "/.choragen/workflow-templates/two.yaml")
wait_for("the server", function() return #vim.lsp.get_clients({ bufnr = 0 }) == 1 end)
wait_for("lenses", function() return #(vim.lsp.codelens.get(0) or {}) == 6 end)
vim.cmd("normal! gg")
vim.fn.search("draft")
choose('Chat with `draft`')
wait_for("the transcript", function() return vim.fn.expand("%:e:e") == "chat.md" or vim.fn.expand("%"):find("chat%.md$") ~= nil end)
wait_for("its server", function() return #vim.lsp.get_clients({ bufnr = 0 }) == 1 end)
shows("model: rehearsal-1")

write("Hello from Neovim 🎭")
vim.api.nvim_feedkeys(vim.keycode("<leader>s"), "mx", false)
shows("Hello from Neovim 🎭\n\n## rehearsal/rehearsal-1")
write("not sent yet")
wait_for("the end", function() return actions()["Send"] ~= nil and not text():find("· partial", 1, true) end)
assert(vim.endswith(text(), "not sent yet\n"), text())

choose("Switch to rehearsal/rehearsal-2")
shows("model: rehearsal-2")
choose("Good enough")
shows("stage: build")
assert(vim.endswith(text(), "not sent yet\n"), text())
vim.cmd("silent write")
print("the transcript:\n" .. text())
