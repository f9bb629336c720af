namespace Forecast.Torch.Tests.Modules;

/// <summary>Tests that draw from the one generator of the process: they run alone, so that nobody draws in between.</summary>
[CollectionDefinition(nameof(Seeded), DisableParallelization = true)]
public class Seeded;
