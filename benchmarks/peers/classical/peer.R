# Reads the name of a row a line, runs it for a while and answers: seconds a fit, then what was found for each series.
#   Rscript peer.R FOLDER cpu|wall
suppressPackageStartupMessages({library(forecast); library(fGarch); library(tseries)})
args <- commandArgs(trailingOnly = TRUE)
now <- function() if (args[2] == "cpu") sum(proc.time()[1:2]) else proc.time()[[3]]
read <- function(set) lapply(strsplit(readLines(file.path(args[1], paste0(set, ".txt"))), ","), as.numeric)
monthly <- function(set) lapply(read(set), ts, frequency = 12)
number <- function(x) paste(format(x, digits = 15), collapse = ",")
garch_fit <- function(x, law) suppressWarnings(garchFit(~garch(1, 1), data = x, cond.dist = law, trace = FALSE))

rows <- list(
  "auto-arima" = list(monthly("m3-20"), function(y) { f <- auto.arima(y); forecast(f, h = 18); f },
    function(f) { o <- arimaorder(f); o <- c(o, rep(0, 7 - length(o))); paste0(number(f$aicc), "|", o[2], ",", o[5]) }),
  "auto-ets" = list(monthly("m3-60"), function(y) { f <- ets(y); forecast(f, h = 18); f }, function(f) number(f$aicc)),
  "theta" = list(monthly("m3-60"), function(y) thetaf(y, h = 18), function(f) number(as.numeric(f$mean))),
  "airline" = list(monthly("air"), function(y) arima(y, c(0, 1, 1), list(order = c(0, 1, 1), period = 12), method = "ML"), function(f) number(f$loglik)),
  "lynx" = list(read("lynx"), function(y) arima(y, c(2, 0, 2), method = "ML"), function(f) number(f$loglik)),
  "garch-norm" = list(read("dem2gbp"), function(x) garch_fit(x, "norm"), function(f) number(-f@fit$llh)),
  "garch-std" = list(read("dem2gbp"), function(x) garch_fit(x, "std"), function(f) number(-f@fit$llh)),
  "roll-norm" = list(read("windows"), function(x) garch_fit(x, "norm"), function(f) number(-f@fit$llh)),
  "roll-std" = list(read("windows"), function(x) garch_fit(x, "std"), function(f) number(-f@fit$llh)),
  "tseries" = list(read("dem2gbp"), function(x) suppressWarnings(garch(x, trace = FALSE)), function(f) "NaN"),
  "tseries-roll" = list(read("windows"), function(x) suppressWarnings(garch(x, trace = FALSE)), function(f) "NaN"),
  "holt-winters" = list(monthly("m3-20"), function(y) suppressWarnings(HoltWinters(y)), function(f) number(f$SSE)))

input <- file("stdin", "r")
cat("R", as.character(getRversion()), "forecast", as.character(packageVersion("forecast")), "fGarch", as.character(packageVersion("fGarch")),
  "tseries", as.character(packageVersion("tseries")), "\n")
while (length(name <- readLines(input, 1)) == 1) {
  row <- rows[[name]]
  start <- now()
  blocks <- 0
  repeat {
    fits <- lapply(row[[1]], row[[2]])
    blocks <- blocks + 1
    taken <- now() - start
    if (taken > 0.3) break
  }
  cat(format(taken / blocks / length(fits), digits = 9), paste(vapply(fits, row[[3]], ""), collapse = ";"), "\n")
}
