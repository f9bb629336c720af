using System.Globalization;
using Forecast.Core;
using Forecast.Hosting.Data;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Ingestion;
using Forecast.Hosting.Tests.Data;
using Forecast.Store;
using Forecast.Store.Datasets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forecast.Hosting.Tests.Ingestion;

/// <summary>Files of an inbox and addresses of a real server become the next version of a dataset. Queries are tested in Forecast.Store.Tests.</summary>
public sealed class DataIngestionTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteForecastStore? _store;
    private WebApplication? _app;
    private string _served = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Inbox => Path.Combine(_folder.Path, "inbox");

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteForecastStore.OpenAsync(Path.Combine(_folder.Path, "forecast.db"), cancellation: Cancel);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/flow.csv", () => Results.Text(_served, "text/csv"));
        _app.MapGet("/moved.csv", () => Results.Redirect("/flow.csv"));
        await _app.StartAsync(Cancel);
        Directory.CreateDirectory(Path.Combine(Inbox, "acme"));
        Environment.SetEnvironmentVariable("FORECAST_INBOX", Inbox);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("FORECAST_INBOX", null);
        Environment.SetEnvironmentVariable("FORECAST_PRIVATE_ADDRESSES", null);
        await _app!.DisposeAsync();
        await _store!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_of_the_inbox_becomes_a_dataset_of_its_tenant_alone()
    {
        await File.WriteAllTextAsync(Path.Combine(Inbox, "acme", "flow.csv"), Csv(5), Cancel);
        var request = new IngestRequest("file", "flow.csv");

        (await TakeInAsync(request, "acme")).RowCount.ShouldBe(5);
        (await CodeAsync(request, "beta")).ShouldBe("ingest-failed", "another tenant's inbox has no such file");
        (await CodeAsync(request with { From = "../acme/flow.csv" }, "beta")).ShouldBe("ingest-file");
        (await CodeAsync(request with { From = ".." }, "beta")).ShouldBe("ingest-file");
    }

    [Fact]
    public async Task An_address_becomes_the_next_version_each_time_and_a_private_one_is_not_read()
    {
        var request = new IngestRequest("url", $"{_app!.Urls.First()}/flow.csv");
        (await CodeAsync(request, "acme")).ShouldBe("url-private");

        Environment.SetEnvironmentVariable("FORECAST_PRIVATE_ADDRESSES", "allow");
        _served = Csv(5);
        (await TakeInAsync(request, "acme")).ShouldSatisfyAllConditions(d => d.Version.ShouldBe(1), d => d.RowCount.ShouldBe(5));
        _served = Csv(8);
        (await TakeInAsync(request, "acme")).ShouldSatisfyAllConditions(d => d.Version.ShouldBe(2), d => d.RowCount.ShouldBe(8));
        (await CodeAsync(request with { From = $"{_app.Urls.First()}/moved.csv" }, "acme")).ShouldBe("ingest-failed", "a redirect is not followed");
        (await CodeAsync(request with { From = $"{_app.Urls.First()}/none.csv" }, "acme")).ShouldBe("ingest-failed");
    }

    [Theory]
    [InlineData("ftp", "x", null, "ingest-source")]
    [InlineData("file", "x.csv", "SELECT 1", "ingest-query")]
    [InlineData("postgres", "sales", null, "ingest-query")]
    [InlineData("postgres", "sales", "SELECT 1; DELETE FROM x", "ingest-query")]
    public void What_names_no_source_is_refused(string source, string from, string? query, string code) =>
        Should.Throw<ForecastException>(() => DataIngestion.Check(new IngestRequest(source, from, query), "flow")).Code.ShouldBe(code);

    private static string Csv(int rows) => "date,flow\n" + string.Concat(Enumerable.Range(0, rows).Select(t => string.Create(CultureInfo.InvariantCulture, $"2024-01-{t + 1:00},{t}\n")));

    private async Task<StoredDataset> TakeInAsync(IngestRequest request, string tenant)
    {
        var own = new DatasetLibrary(Repository.At("datasets"), _store!.ForTenant(tenant).Datasets);
        return await new DataIngestion().RunAsync(request, tenant, "flow", new DataOptions { Frequency = "P1D" }, own, Cancel);
    }

    private async Task<string> CodeAsync(IngestRequest request, string tenant) => (await Should.ThrowAsync<ForecastException>(() => TakeInAsync(request, tenant))).Code;
}
