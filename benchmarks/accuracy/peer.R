# Point forecasts of R's forecast package, one row a step: set,model,series,h,mean,seconds.
# Rscript peer.R DATA_FOLDER CACHE SET MODEL COUNT
#   SET    m3-yearly m3-quarterly m3-monthly m3-other m4-weekly m4-hourly
#   MODEL  ets thetaf auto.arima
#   COUNT  all, or n: the n series evenly spaced over the set, number round(1 + k (N - 1) / (n - 1))
# What the cache holds already is not computed again, so that a run that was stopped goes on.
suppressPackageStartupMessages(library(forecast))

arguments <- commandArgs(trailingOnly = TRUE)
stopifnot(length(arguments) == 5)
folder <- arguments[1]
cache <- arguments[2]
set <- arguments[3]
model <- arguments[4]
count <- arguments[5]

read <- function(name) read.csv(gzfile(file.path(folder, name)), stringsAsFactors = FALSE)

if (startsWith(set, "m3-")) {
  all <- read("m3.csv.gz")
  about <- read.csv(file.path(folder, "m3_series.csv"), stringsAsFactors = FALSE)
  about <- about[about$period == sub("m3-", "", set), ]
  ids <- about$series_id
  season <- about$seasonal_period[1]
  horizon <- about$horizon[1]
} else {
  all <- read(paste0(sub("-", "_", set), ".csv.gz"))
  ids <- unique(all$series_id)
  season <- if (set == "m4-hourly") 24 else 1
  horizon <- if (set == "m4-hourly") 48 else 13
}
train <- all[all$split == "train" & all$series_id %in% ids, c("series_id", "t", "value")]
train <- split(train, train$series_id)
if (count != "all" && as.integer(count) < length(ids)) {
  n <- as.integer(count)
  ids <- ids[floor(1 + (0:(n - 1)) * (length(ids) - 1) / (n - 1) + 0.5)]
}

done <- character(0)
if (file.exists(cache)) {
  kept <- read.csv(cache, stringsAsFactors = FALSE)
  done <- unique(kept$series[kept$set == set & kept$model == model])
} else {
  cat("set,model,series,h,mean,seconds\n", file = cache)
}

for (id in setdiff(ids, done)) {
  own <- train[[id]]
  y <- ts(own$value[order(own$t)], frequency = season)
  start <- proc.time()[["user.self"]]
  f <- tryCatch(
    switch(model,
      ets = forecast(ets(y), h = horizon)$mean,
      thetaf = thetaf(y, h = horizon)$mean,
      auto.arima = forecast(auto.arima(y), h = horizon)$mean,
      stop("unknown model ", model)),
    error = function(e) {
      message(set, " ", model, " ", id, ": ", conditionMessage(e))
      rep(NaN, horizon)
    })
  seconds <- proc.time()[["user.self"]] - start
  rows <- sprintf("%s,%s,%s,%d,%.17g,%.3f", set, model, id, seq_len(horizon), as.numeric(f), seconds)
  cat(paste0(paste(rows, collapse = "\n"), "\n"), file = cache, append = TRUE)
}
