using Forecast.Cli;
using Forecast.Models.Catalogue;

return await CommandLine.RunAsync(args, ModelCatalogue.Default);
