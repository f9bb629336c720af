using Forecast.Core;
using Forecast.Hosting.Data;

namespace Forecast.Hosting.Tests.Data;

/// <summary>Runs in a folder of its own, which is made the current one: the table's files are named without a path.</summary>
[CollectionDefinition(nameof(CurrentFolder), DisableParallelization = true)]
public sealed class CurrentFolder;

[Collection(nameof(CurrentFolder))]
public class ErrorTableTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, ErrorTable.Read().Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Each_row_gives_its_code_and_its_message_word_for_word(int row)
    {
        var expected = ErrorTable.Read()[row];
        using var folder = new TemporaryFolder();
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            if (expected.File.Length > 0) await File.WriteAllBytesAsync(expected.File, ErrorTable.Bytes(expected.Content), TestContext.Current.CancellationToken);
            var error = await new DataSource(Repository.At("datasets")).ReadAsync(expected.Data, expected.Options, TestContext.Current.CancellationToken).ShouldThrowAsync<ForecastException>();
            error.Code.ShouldBe(expected.Code);
            error.Message.ShouldBe(expected.Message);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Fact]
    public void The_table_has_the_kinds_it_promises() =>
        ErrorTable.Read().Select(c => c.Code).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThanOrEqualTo(40);
}
