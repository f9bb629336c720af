using Forecast.Backtest.Wrappers;
using Forecast.Cli;
using Forecast.PlantedLeaks;

// The real command line with four guilty models more: the leak test must catch each of them.
return await CommandLine.RunAsync(args, PlatformCatalogue.All.With(Leaks.Models));
