-- What the tests of a real Neovim share: waiting, and choosing code actions by their titles.
local M = {}
local FOREVER = 90000 -- milliseconds

function M.text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
end

function M.wait_for(what, reached)
  if not vim.wait(FOREVER, reached, 20) then
    io.stderr:write("never: " .. what .. "\n" .. M.text() .. "\n" .. vim.fn.execute("messages") .. "\n")
    os.exit(1)
  end
  print("ok: " .. what)
end

function M.shows(part)
  M.wait_for(part, function() return M.text():find(part, 1, true) ~= nil end)
end

function M.actions()
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
function M.choose(title)
  M.wait_for("offered: " .. title, function() return M.actions()[title] ~= nil end)
  local called = false
  vim.lsp.buf.code_action({ filter = function(action)
    called = called or action.title == title
    return action.title == title
  end, apply = true })
  M.wait_for("chosen: " .. title, function() return called end)
end

function M.write(line)
  vim.api.nvim_buf_set_lines(0, -2, -1, false, { line, "" })
end

return M
