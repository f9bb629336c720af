using Forecast.Store.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresOfTheRun))]
