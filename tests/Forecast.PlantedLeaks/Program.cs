using Forecast.Cli;
using Forecast.Models.Catalogue;
using Forecast.PlantedLeaks;

// The real command line with four guilty models more: the leak test must catch each of them.
return await CommandLine.RunAsync(args, new ModelCatalogue([.. ModelCatalogue.Default.Models, .. Leaks.Models]));
