package clone

import "context"

func (v *survey) planNotices(ctx context.Context) error { return nil }
