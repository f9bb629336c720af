// Each test runs several processes and kills some of them: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
